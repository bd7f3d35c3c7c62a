"""HTTP: the only importer of aiohttp.web."""
