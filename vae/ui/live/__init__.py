"""The browser side: plain ES modules and CSS, no build step. Python reaches it by `component`."""
