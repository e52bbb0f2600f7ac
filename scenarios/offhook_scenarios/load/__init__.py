"""Real traffic from real asyncio clients against a mock on this machine, alone or under Locust."""
