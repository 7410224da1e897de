"""The pages, and what the browser needs to run them by itself."""
