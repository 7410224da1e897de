"""What a trained model can do for one picture or a few: each task one file."""
