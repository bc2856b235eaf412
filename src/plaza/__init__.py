"""Plaza: a small social site to practise on. It imports nothing of Amparo and knows it only by address."""
