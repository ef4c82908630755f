using FaultTolerance.Scenarios;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks.Urls;

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

    /// <summary>What requests ask.</summary>
    public UrlWork Work { get; init; } = UrlWork.Of(null);

    /// <summary>What is good, and the search for the highest rate at which it is.</summary>
    public UrlRateSearch Search { get; init; } = UrlRateSearch.Of(null);

    /// <summary>From where all loads come; null keeps what each of them says.</summary>
    public LoadSource? Source { get; init; }

    /// <summary>The options as the metadata of one item; none where there is no item.</summary>
    /// <exception cref="FaultMatrixException">FT0125: one of them cannot be read; FT0127: one is nothing without another.</exception>
    public static UrlOptions Of(ITaskItem? item) => item is null ? new("") : new(item.GetMetadata("Url"))
    {
        Work = UrlWork.Of(item),
        Search = UrlRateSearch.Of(item),
        Http = item.GetMetadata("Http"),
        Api = item.GetMetadata("Api"),
        CaFile = item.GetMetadata("CaFile"),
        ApiKeyFile = item.GetMetadata("ApiKeyFile"),
        HeadersFile = item.GetMetadata("HeadersFile"),
        Transport = item.GetMetadata("Transport"),
        Source = LoadSource.Of(item.GetMetadata("LoadFrom"), item.GetMetadata("LoadPods"), item.GetMetadata("LoadImage")),
    };

    /// <summary>
    /// The scenarios that are asked for: those of the file, or the one row of the address where one is given. The row needs no file: where
    /// there is none, its load is the tool's own, streamed.
    /// </summary>
    /// <param name="file">The scenarios file.</param>
    /// <param name="isNamed">Whether somebody named it, so that it has to be there.</param>
    /// <param name="profile">The profile; empty takes the file's default.</param>
    /// <param name="image">Image for every service; empty keeps the manifests'.</param>
    /// <param name="model">The model that is given; empty for none.</param>
    /// <exception cref="FaultMatrixException">
    /// FT0510: it is no address, or one with a secret in it. FT0125, FT0126: an option of a load by address is wrong, or there is no
    /// address.
    /// </exception>
    public ScenarioCatalog Catalog(string file, bool isNamed, string profile, string image, string model)
    {
        Scenarios.Api? api = Api switch { "completions" => Scenarios.Api.Completions, "chat" => Scenarios.Api.Chat, _ => null };
        if (url.Length > 0 && Transport != "url")
        {
            var target = Target();
            var own = isNamed || File.Exists(file)
                ? ScenarioSource.Load(file, profile, image, model, checkManifests: true, Source)
                : ScenarioSource.WithoutFile(file, profile, Source);
            return own.ForUrl(target, ScenarioSource.Given(model), api, load => Search.Over(Work.Over(load)));
        }

        return !Work.IsEmpty ? throw Alone(UrlWork.BadOption, Work.Names)
            : !Search.IsEmpty ? throw Alone(UrlRateSearch.BadOption, Search.Names)
            : ScenarioSource.Load(file, profile, image, model, checkManifests: true, Source);
    }

    /// <summary>The ingress of a graph; null with another transport.</summary>
    /// <exception cref="FaultMatrixException">FT0510: there is no address, it is none, or one with a secret in it.</exception>
    public UrlTarget? Ingress => Transport != "url" ? null
        : url.Length > 0 ? Target()
        : throw new FaultMatrixException(BadAddress, "--transport url needs the address: give --url");

    private static FaultMatrixException Alone(string code, string names) =>
        new(code, $"{names}: of a load by its address alone; give --url, or say it of a load in scenarios.json");

    private UrlTarget Target() => (UrlTarget.Parse(url, out var why) ?? throw new FaultMatrixException(BadAddress, $"--url: {why}")) with
    {
        Http2 = Http == "2",
        CaFile = ScenarioSource.Given(CaFile),
        ApiKeyFile = ScenarioSource.Given(ApiKeyFile),
        HeadersFile = ScenarioSource.Given(HeadersFile),
    };
}
