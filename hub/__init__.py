"""The alarm receiving centre: the service that takes alarms and shows them to operators."""
