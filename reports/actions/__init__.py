from reports.actions.roll_up import roll_dirty, roll_provisional, roll_up

__all__ = ["roll_dirty", "roll_provisional", "roll_up"]
