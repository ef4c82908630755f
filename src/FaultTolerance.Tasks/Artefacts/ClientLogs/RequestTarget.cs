namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>Where a request went, with what the log says of it, made once and not at every attempt.</summary>
internal class RequestTarget
{
    /// <summary>A target.</summary>
    /// <param name="url">The address.</param>
    /// <param name="pod">The frontend pod; null where there was none.</param>
    public RequestTarget(string url, string? pod)
    {
        var text = new ByteBuffer(256);
        text.Append("\"url\": "u8);
        PythonJson.String(text, url);
        text.Append(", \"pod\": "u8);
        if (pod is null)
        {
            text.Append("null"u8);
        }
        else
        {
            PythonJson.String(text, pod);
        }

        UrlAndPod = text.Written.ToArray();
    }

    /// <summary>Nowhere yet.</summary>
    public static RequestTarget None { get; } = new("", null);

    /// <summary><c>"url": …, "pod": …</c> for the log.</summary>
    public ReadOnlyMemory<byte> UrlAndPod { get; }
}
