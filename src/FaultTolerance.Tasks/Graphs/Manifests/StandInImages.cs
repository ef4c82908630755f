using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>Whether a manifest's containers are stand-ins, so that what they answer is no product's answer.</summary>
internal static partial class StandInImages
{
    /// <summary>Whether a container that serves has the stand-in's image. One that only prepares a pod answers nobody.</summary>
    public static bool Serve(JsonNode? node) => node switch
    {
        JsonObject value => value.Any(item =>
            item.Key != "initContainers" && ((item.Key == "image" && IsStandIn(item.Value)) || Serve(item.Value))),
        JsonArray list => list.Any(Serve),
        _ => false,
    };

    private static bool IsStandIn(JsonNode? image) =>
        image is JsonValue value && value.TryGetValue<string>(out var name) && Name().IsMatch(name);

    [GeneratedRegex("^([^\"]*/)?faultmatrix/stand-in([:@]|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
