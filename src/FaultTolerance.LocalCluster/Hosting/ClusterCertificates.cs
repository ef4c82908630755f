using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>
/// A certificate authority of the cluster's own, and the API server's certificate from it. No private key is ever written.
/// </summary>
internal sealed class ClusterCertificates : IDisposable
{
    private ClusterCertificates(X509Certificate2 server, string authorityPem) => (Server, AuthorityPem) = (server, authorityPem);

    /// <summary>The API server's certificate with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The authority's certificate, which clients trust.</summary>
    public string AuthorityPem { get; }

    /// <summary>Makes both, good from an hour ago for ten years.</summary>
    public static ClusterCertificates Create(TimeProvider time)
    {
        var from = time.GetUtcNow().AddHours(-1);
        var until = from.AddYears(10);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=faultmatrix-local-cluster", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        using var authority = authorityRequest.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        foreach (var name in (string[])["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"])
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(12));
        return new(bare.CopyWithPrivateKey(key), authority.ExportCertificatePem());
    }

    /// <inheritdoc/>
    public void Dispose() => Server.Dispose();
}
