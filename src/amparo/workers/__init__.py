"""What is done outside: effects carried out, clocks run down, alarms rung. A job only says "look now"."""
