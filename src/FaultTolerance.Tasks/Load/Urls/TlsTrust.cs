using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Urls;

/// <summary>Whom a load trusts over TLS: the system's authorities, or those of a file alone.</summary>
internal static class TlsTrust
{
    /// <summary>The options of a connection.</summary>
    /// <param name="target">The service.</param>
    /// <param name="authorities">What <see cref="Authorities"/> gave.</param>
    public static SslClientAuthenticationOptions Options(UrlTarget target, X509Certificate2Collection? authorities)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new SslClientAuthenticationOptions
        {
            TargetHost = new Uri(target.Url).IdnHost,
            ApplicationProtocols = [target.Http2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
            CertificateChainPolicy = authorities is null ? null : NamedAuthorities.Policy(authorities),
        };
    }

    /// <summary>The authorities of the file that the service names; null where it names none.</summary>
    /// <exception cref="FaultMatrixException">FT0519: the file cannot be read, or holds no certificate.</exception>
    public static X509Certificate2Collection? Authorities(UrlTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.CaFile is not { } file)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw Bad(file, e.Message, e);
        }

        return authorities.Count > 0 ? authorities : throw Bad(file, "it holds no certificate in PEM form");
    }

    private static FaultMatrixException Bad(string file, string why, Exception? inner = null) =>
        new(UrlSecrets.Unusable, $"the authorities in '{Path.GetFileName(file)}' cannot be used: {why}", inner) { File = file };
}
