using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Writes <c>status.conditions</c>; the transition time moves only when the status does.</summary>
internal static class Conditions
{
    /// <summary>Sets a condition.</summary>
    /// <param name="status">The <c>status</c> object.</param>
    /// <param name="type">Condition type.</param>
    /// <param name="value">True, False.</param>
    /// <param name="reason">One word, or null.</param>
    /// <param name="message">A sentence, or null.</param>
    /// <param name="at">When it is so.</param>
    /// <param name="withUpdateTime">Keep <c>lastUpdateTime</c> too, as deployments do.</param>
    public static void Set(
        JsonObject status, string type, bool value, string? reason, string? message, DateTimeOffset at, bool withUpdateTime = false)
    {
        if (status["conditions"] is not JsonArray all)
        {
            status["conditions"] = all = [];
        }

        var text = value ? "True" : "False";
        var existing = all.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type);
        var condition = existing ?? new JsonObject { ["type"] = type };
        if (existing is null)
        {
            all.Add((JsonNode)condition);
        }

        var same = condition.Text("status") == text;
        if (!same)
        {
            condition["status"] = text;
            condition["lastTransitionTime"] = Stamp.Of(at);
        }

        if (withUpdateTime && !(same && condition.Text("reason") == reason && condition.Text("message") == message))
        {
            condition["lastUpdateTime"] = Stamp.Of(at);
        }

        Put(condition, "reason", reason);
        Put(condition, "message", message);
    }

    private static void Put(JsonObject condition, string key, string? value)
    {
        if (value is null)
        {
            condition.Remove(key);
        }
        else
        {
            condition[key] = value;
        }
    }
}
