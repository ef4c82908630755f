using System.Globalization;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Query parameters; 400 for a value that is none.</summary>
internal static class Query
{
    /// <summary>The text, or null when it is missing or empty.</summary>
    public static string? Text(this IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The whole number, 0 or more, or null when it is missing.</summary>
    public static long? Number(this IQueryCollection query, string name) => query.Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw StoreErrors.BadRequest($"{name}: Invalid value: \"{text}\": must be a whole number, 0 or more");

    /// <summary>Whether a flag is set.</summary>
    public static bool Flag(this IQueryCollection query, string name) => query.Text(name) switch
    {
        null or "false" or "0" or "False" or "f" or "F" or "FALSE" => false,
        "true" or "1" or "True" or "t" or "T" or "TRUE" => true,
        var other => throw StoreErrors.BadRequest($"{name}: Invalid value: \"{other}\": must be true or false"),
    };

    /// <summary>Whether the request is a rehearsal; 400 for a value of dryRun other than All.</summary>
    public static bool DryRun(this IQueryCollection query) => query.Text("dryRun") switch
    {
        null => false,
        "All" => true,
        var other => throw StoreErrors.BadRequest($"dryRun: Unsupported value: \"{other}\": supported values: \"All\""),
    };
}
