using FaultTolerance.Faults.Words;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Reports.Page;

/// <summary>Events about faults as the kinds' words take them.</summary>
internal static class Told
{
    /// <summary>The event; its command as the page shows commands, without folders.</summary>
    public static ToldFault Of(TimelineEvent item) =>
        new(item.Name, key => key == "command" && item[key] is { } command ? Words.Command(command) : item[key]);
}
