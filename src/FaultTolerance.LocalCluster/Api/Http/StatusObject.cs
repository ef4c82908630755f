using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>meta/v1 Status, the answer to what has no object to answer with.</summary>
internal static class StatusObject
{
    /// <summary>A refusal.</summary>
    public static JsonObject Failure(StoreException error, ResourcePath? path = null)
    {
        var status = Of("Failure", error.Message);
        if (error.Reason.Length > 0)
        {
            status["reason"] = error.Reason;
        }

        if (error.Details is { } refused)
        {
            status["details"] = Details(refused);
        }
        else if (path is not null)
        {
            status["details"] = Details(path);
        }

        status["code"] = error.Status;
        return status;
    }

    /// <summary>A deletion that left nothing.</summary>
    public static JsonObject Deleted(ResourcePath path, string uid)
    {
        var status = Of("Success", message: null);
        var details = Details(path);
        details["uid"] = uid;
        status["details"] = details;
        return status;
    }

    /// <summary>The end of a command: success, or a failure with its exit code as a cause.</summary>
    public static JsonObject Exit(int code)
    {
        if (code == 0)
        {
            return Of("Success", message: null);
        }

        var status = Of("Failure", $"command terminated with non-zero exit code: exit status {code}");
        status["reason"] = "NonZeroExitCode";
        status["details"] = new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = $"{code}" }),
        };
        return status;
    }

    private static JsonObject Of(string status, string? message)
    {
        var value = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = status };
        if (message is not null)
        {
            value["message"] = message;
        }

        return value;
    }

    // kubectl prints the causes of an Invalid, not its message.
    private static JsonObject Details(RefusalDetails refused)
    {
        var details = new JsonObject();
        if (refused.Name.Length > 0)
        {
            details["name"] = refused.Name;
        }

        if (refused.Group.Length > 0)
        {
            details["group"] = refused.Group;
        }

        if (refused.Kind.Length > 0)
        {
            details["kind"] = refused.Kind;
        }

        var conflicts = refused.Conflicts.Select(conflict =>
            (JsonNode)new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = conflict.Manager, ["field"] = conflict.Field });
        details["causes"] = new JsonArray([.. refused.Faults.Select(Cause), .. conflicts]);
        return details;
    }

    private static JsonNode Cause(string fault)
    {
        var parts = fault.Split(": ", 2);
        var (field, message) = parts.Length == 2 ? (parts[0], parts[1]) : ("", fault);
        var reason = message.Split(':')[0] switch
        {
            "Required value" => "FieldValueRequired",
            "Duplicate value" => "FieldValueDuplicate",
            "Not found" => "FieldValueNotFound",
            "Unsupported value" => "FieldValueNotSupported",
            "Forbidden" => "FieldValueForbidden",
            _ => "FieldValueInvalid",
        };
        var cause = new JsonObject { ["reason"] = reason, ["message"] = message };
        if (field.Length > 0)
        {
            cause["field"] = field;
        }

        return cause;
    }

    private static JsonObject Details(ResourcePath path)
    {
        var details = new JsonObject();
        if (path.Name is not null)
        {
            details["name"] = path.Name;
        }

        if (path.Group.Length > 0)
        {
            details["group"] = path.Group;
        }

        details["kind"] = path.Plural;
        return details;
    }
}
