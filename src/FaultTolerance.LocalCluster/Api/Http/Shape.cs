using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>In which shape a client wants objects.</summary>
internal enum Shape
{
    /// <summary>As they are.</summary>
    Full,

    /// <summary>meta.k8s.io Table, as kubectl prints.</summary>
    Table,

    /// <summary>meta.k8s.io PartialObjectMetadata.</summary>
    Metadata,
}

/// <summary>Reads <c>Accept</c>.</summary>
internal static class ShapeNegotiation
{
    private const string Json = "application/json";

    /// <summary>The first shape a client accepts that can be served; 406 when there is none.</summary>
    public static Shape Of(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0)
        {
            return Shape.Full;
        }

        foreach (var range in accept.Split(','))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not (Json or "application/*" or "*/*"))
            {
                continue;
            }

            switch (parts.FirstOrDefault(part => part.StartsWith("as=", StringComparison.Ordinal)))
            {
                case null:
                    return Shape.Full;
                case "as=Table":
                    return Shape.Table;
                case "as=PartialObjectMetadata" or "as=PartialObjectMetadataList":
                    return Shape.Metadata;
                default:
                    continue;
            }
        }

        throw StoreErrors.NotAcceptable(Json);
    }
}
