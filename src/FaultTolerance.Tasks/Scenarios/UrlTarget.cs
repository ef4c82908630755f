namespace FaultTolerance.Scenarios;

/// <summary>
/// A service that is reached by its address alone, with no cluster. A run's plan holds it: it names the files that hold secrets and none of
/// the secrets.
/// </summary>
/// <param name="Url">Scheme, host, port and the path before <c>/v1</c>, without a slash at its end.</param>
internal sealed record UrlTarget(string Url)
{
    /// <summary>Ask over HTTP/2.</summary>
    public bool Http2 { get; init; }

    /// <summary>Full path of a PEM file with the authorities that are trusted, in place of the system's; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Full path of the file that holds the API key; null: the environment has it, or there is none.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Full path of a file of header lines (<c>Name: value</c>); null: the environment has them, or there are none.</summary>
    public string? HeadersFile { get; init; }

    /// <summary>Reads an address; one that ends in <c>/v1</c>, as clients of other tools are given it, means the same without.</summary>
    /// <param name="text">The address.</param>
    /// <param name="why">What is wrong with it, without the address where that may hold a secret; null where nothing is.</param>
    public static UrlTarget? Parse(string text, out string? why)
    {
        ArgumentNullException.ThrowIfNull(text);
        why =
            !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0
                ? $"'{SecretText.Hide(ForeignText.Line(text, 100))}' is no address of a service; it begins with http:// or https://"
            : uri.UserInfo.Length > 0
                ? "a password does not belong in the address, where others can read it; give an API key or headers by a file or the environment"
            : uri.Query.Length > 0 || uri.Fragment.Length > 0
                ? "the address of a service ends with its path; give an API key or headers by a file or the environment"
            : null;
        if (why is not null)
        {
            return null;
        }

        var path = uri!.AbsolutePath.TrimEnd('/');
        path = path.EndsWith("/v1", StringComparison.Ordinal) ? path[..^3].TrimEnd('/') : path;
        return new UrlTarget(uri.GetLeftPart(UriPartial.Authority) + path);
    }
}

/// <summary>What a load asks a service for.</summary>
internal enum Api
{
    /// <summary><c>/v1/chat/completions</c>.</summary>
    Chat,

    /// <summary><c>/v1/completions</c>.</summary>
    Completions,
}
