using FaultTolerance.Scenarios;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>What somebody gave of a service's address; what nobody gave is empty.</summary>
/// <param name="url">The address.</param>
internal sealed class UrlOptions(string url)
{
    private const string BadAddress = "FT0510";

    /// <summary>The HTTP version, 1.1 or 2.</summary>
    public string Http { get; init; } = "";

    /// <summary>What is asked for, chat or completions.</summary>
    public string Api { get; init; } = "";

    /// <summary>The file of authorities.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>The file of the API key.</summary>
    public string ApiKeyFile { get; init; } = "";

    /// <summary>The file of header lines.</summary>
    public string HeadersFile { get; init; } = "";

    /// <summary>How clients reach frontends; <c>url</c> makes the address that of a graph's ingress.</summary>
    public string Transport { get; init; } = "";

    /// <summary>The options as the metadata of one item; none where there is no item.</summary>
    public static UrlOptions Of(ITaskItem? item) => item is null ? new("") : new(item.GetMetadata("Url"))
    {
        Http = item.GetMetadata("Http"),
        Api = item.GetMetadata("Api"),
        CaFile = item.GetMetadata("CaFile"),
        ApiKeyFile = item.GetMetadata("ApiKeyFile"),
        HeadersFile = item.GetMetadata("HeadersFile"),
        Transport = item.GetMetadata("Transport"),
    };

    /// <summary>The catalog, or that of the address alone where one is given for a row.</summary>
    /// <param name="catalog">The scenarios file.</param>
    /// <param name="model">The model that is given; empty for none.</param>
    /// <exception cref="FaultMatrixException">FT0510: it is no address, or one with a secret in it.</exception>
    public ScenarioCatalog Over(ScenarioCatalog catalog, string model)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        Scenarios.Api? api = Api switch { "completions" => Scenarios.Api.Completions, "chat" => Scenarios.Api.Chat, _ => null };
        return url.Length == 0 || Transport == "url" ? catalog : catalog.ForUrl(Target(), ScenarioSource.Given(model), api);
    }

    /// <summary>The ingress of a graph; null with another transport.</summary>
    /// <exception cref="FaultMatrixException">FT0510: there is no address, it is none, or one with a secret in it.</exception>
    public UrlTarget? Ingress => Transport != "url" ? null
        : url.Length > 0 ? Target()
        : throw new FaultMatrixException(BadAddress, "--transport url needs the address: give --url");

    private UrlTarget Target() => (UrlTarget.Parse(url, out var why) ?? throw new FaultMatrixException(BadAddress, $"--url: {why}")) with
    {
        Http2 = Http == "2",
        CaFile = ScenarioSource.Given(CaFile),
        ApiKeyFile = ScenarioSource.Given(ApiKeyFile),
        HeadersFile = ScenarioSource.Given(HeadersFile),
    };
}
