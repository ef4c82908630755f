using FaultMatrix.Build.Commands;
using FaultMatrix.Build.Hosting;

namespace FaultMatrix.Build.Reporting;

/// <summary>Picks the display: live for a person at a terminal, else plain lines.</summary>
internal static class Displays
{
    public static IRunDisplay Create(FrontContext context, RunTracker tracker, bool parallel) =>
        context.Interactive && context.Console.Verbosity <= Verbosity.Normal
            ? new LiveDisplay(context.Console, tracker)
            : new PlainDisplay(context.Console, context.Format, parallel);
}
