using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Reporting;

/// <summary>Shows a run while it goes on; disposed, it has written all that it was told.</summary>
internal interface IRunDisplay : IRunListener, IAsyncDisposable;

/// <summary>Picks the display: live for a person at a terminal, else plain lines.</summary>
internal static class RunDisplays
{
    public static IRunDisplay Create(FrontOutput output, IRunState state, bool parallel) =>
        output.Interactive && output.Console.Verbosity <= Verbosity.Normal
            ? new LiveDisplay(output.Console, state)
            : new PlainDisplay(output.Console, output.Format, parallel);
}
