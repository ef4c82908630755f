using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Reading;

/// <summary>A ready text that was met.</summary>
/// <param name="Service">The service whose logs hold it.</param>
/// <param name="Engine">What writes it.</param>
/// <param name="Since">The version from which it does; empty for one of scenarios.json.</param>
/// <param name="Words">The text, without names and numbers.</param>
internal sealed record MetText(string Service, string Engine, string Since, string Words);

/// <summary>
/// The words of the service under test that a run went by. Released versions and the source differ in them, and both are read: this says
/// which were met.
/// </summary>
internal static class MetWords
{
    /// <summary>
    /// Ready texts by service, and the states that graphs told of themselves, each once and in order; null where a run met neither.
    /// </summary>
    public static JsonObject? Of(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var texts = run.Scenarios.SelectMany(row => row.ReadyLines).Select(line => line.Text).OfType<MetText>().Distinct()
            .OrderBy(text => (text.Service, text.Since, text.Engine, text.Words).ToString(), StringComparer.Ordinal).ToList();
        var states = run.Scenarios.SelectMany(row => row.Timeline).OfType<DeploymentReady>().SelectMany(ready => ready.States)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return texts.Count == 0 && states.Count == 0 ? null : new JsonObject
        {
            ["readyTexts"] = new JsonArray([.. texts.Select(text => new JsonObject
            {
                ["service"] = text.Service,
                ["engine"] = text.Engine,
                ["since"] = text.Since,
                ["text"] = text.Words,
            })]),
            ["graphStates"] = new JsonArray([.. states.Select(state => (JsonNode)state)]),
        };
    }
}
