using System.Text.Json.Nodes;

namespace FaultTolerance.Cluster;

/// <summary>How something is deleted.</summary>
/// <param name="GraceSeconds">Grace; null: the object's own.</param>
/// <param name="Uid">Only the object of this uid.</param>
/// <param name="Foreground">The object stays until what it owns is gone.</param>
internal readonly record struct Deletion(int? GraceSeconds = null, string? Uid = null, bool Foreground = false)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = Foreground ? "Foreground" : "Background",
        };
        if (GraceSeconds is { } grace)
        {
            json["gracePeriodSeconds"] = grace;
        }

        if (Uid is not null)
        {
            json["preconditions"] = new JsonObject { ["uid"] = Uid };
        }

        return json;
    }
}
