namespace FaultTolerance.StandIn.Hosting;

/// <summary>
/// Has what waits for a socket go on where the socket was found ready, in processes that pass requests on. That a thread of the pool was
/// woken for each step of each request was more than a quarter of what a graph's processes cost (docs/measuring.md). Nothing in them holds
/// a thread for longer than a line takes to be written.
/// </summary>
internal static class InlineSockets
{
    // .NET reads it once, when the process first waits for a socket; there is no other switch for it.
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>To be called before the process opens a socket.</summary>
    public static void For(ProgramRole role)
    {
        if (role is ProgramRole.Frontend or ProgramRole.Worker or ProgramRole.EngineServer)
        {
            Environment.SetEnvironmentVariable(Switch, "1");
        }
    }
}
