"""The sandbox's Render: one file per service with a table `BEHAVIOURS`. The SDK is the extra `render` of tierup."""
