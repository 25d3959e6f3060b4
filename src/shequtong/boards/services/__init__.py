"""社区服务: what can be used and booked here, and desks that answer."""
