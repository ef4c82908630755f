using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>A container's entry in <c>status.containerStatuses</c>. Changed only under its pod's lock.</summary>
/// <param name="name">The container's name.</param>
/// <param name="image">The image it asks for.</param>
internal sealed class ContainerStatus(string name, string image)
{
    private JsonObject _state = Waiting("ContainerCreating", null);
    private JsonObject _lastState = [];

    public string Name { get; } = name;

    /// <summary>How often it was started again.</summary>
    public int RestartCount { get; set; }

    /// <summary>Its readiness probe says so, or it has none and runs.</summary>
    public bool Ready { get; set; }

    /// <summary>Its startup probe succeeded, or it has none and runs.</summary>
    public bool Started { get; set; }

    /// <summary>Id of the present or the last instance; null before the first.</summary>
    public string? ContainerId { get; private set; }

    /// <summary>True while it runs.</summary>
    public bool IsRunning => _state.ContainsKey("running");

    /// <summary>Exit code once it ended, and while it has not been started again.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>True when it ended and will not be started again.</summary>
    public bool IsFinal { get; set; }

    /// <summary>Why it waits, or null when it does not.</summary>
    public string? WaitingReason => (string?)_state["waiting"]?["reason"];

    /// <summary>It waits; what was running before stays in the last state.</summary>
    public void SetWaiting(string reason, string? message)
    {
        KeepLast();
        _state = Waiting(reason, message);
        Ready = Started = false;
    }

    /// <summary>It runs.</summary>
    public void SetRunning(string containerId, DateTimeOffset at)
    {
        KeepLast();
        ContainerId = containerId;
        ExitCode = null;
        _state = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Stamp.Of(at) } };
    }

    /// <summary>It ended.</summary>
    public void SetTerminated(
        string containerId,
        int exitCode,
        string reason,
        string? message,
        DateTimeOffset startedAt,
        DateTimeOffset finishedAt
    )
    {
        KeepLast();
        ContainerId = containerId;
        ExitCode = exitCode;
        Ready = Started = false;
        var terminated = new JsonObject { ["exitCode"] = exitCode, ["reason"] = reason };
        if (message is not null)
        {
            terminated["message"] = message;
        }

        terminated["startedAt"] = Stamp.Of(startedAt);
        terminated["finishedAt"] = Stamp.Of(finishedAt);
        terminated["containerID"] = containerId;
        _state = new JsonObject { ["terminated"] = terminated };
    }

    /// <summary>The entry as JSON.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["state"] = _state.DeepClone(),
            ["lastState"] = _lastState.DeepClone(),
            ["ready"] = Ready,
            ["restartCount"] = RestartCount,
            ["image"] = image,
            ["imageID"] = ContainerId is null ? "" : string.Create(CultureInfo.InvariantCulture, $"local://{image}"),
            ["started"] = Started,
        };
        if (ContainerId is not null)
        {
            json["containerID"] = ContainerId;
        }

        return json;
    }

    private static JsonObject Waiting(string reason, string? message)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message is not null)
        {
            waiting["message"] = message;
        }

        return new JsonObject { ["waiting"] = waiting };
    }

    private void KeepLast()
    {
        if (_state.ContainsKey("terminated"))
        {
            _lastState = _state;
        }
    }
}
