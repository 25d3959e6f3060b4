"""邻里交流: neighbours talk."""
