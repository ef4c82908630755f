namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>Something the user can put right: printed as one line, <c>CODE: message</c>, exit code 2.</summary>
/// <param name="code">FT3xxx.</param>
/// <param name="message">What was wrong, where, what to do.</param>
internal sealed class UserError(string code, string message) : Exception($"{code}: {message}");
