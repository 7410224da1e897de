"""What the browser asks of Python that takes a while: each job runs in a process of its own."""
