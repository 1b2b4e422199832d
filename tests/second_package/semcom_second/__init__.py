"""A channel, a transceiver and a source from outside semcom."""
