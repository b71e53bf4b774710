"""Keys of integrators: who may push, look up and read, for which units."""
