"""Policy gradient for senders of coding games, over tables."""
