namespace FaultTolerance.StandIn.Hosting;

/// <summary>What the caller got wrong, in one line that says where and what to do. Ends the program with exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
