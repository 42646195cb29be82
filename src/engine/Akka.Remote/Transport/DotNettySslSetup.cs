using System.Security.Cryptography.X509Certificates;
using Akka.Actor.Setup;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>The certificate for remoting, given by the program instead of the configuration.</summary>
public sealed class DotNettySslSetup(X509Certificate2 certificate, bool suppressValidation) : Setup
{
    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>Whether the certificates of remote systems are accepted unchecked.</summary>
    public bool SuppressValidation { get; } = suppressValidation;
}
