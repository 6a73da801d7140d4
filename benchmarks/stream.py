NAMES: tuple[str, ...] = ()
