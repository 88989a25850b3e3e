"""What the workflows of a repository need: a report for a pull request, and comments and issues on GitHub."""
