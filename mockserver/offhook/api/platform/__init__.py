"""The platform dialect: what the official SDKs speak. One file a noun, models beside them."""
