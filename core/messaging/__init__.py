"""Messages that leave the house: kinds, wording, channels, a person's choice, the outbox and what sends it."""
