"""The stream side: fold, roll-up, deadlines and the Faust agents around them."""
