"""The sandbox's Vercel: one file per service with a table `BEHAVIOURS`. The SDK is the extra `vercel` of tierup."""
