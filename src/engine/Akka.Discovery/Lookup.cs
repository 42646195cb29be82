using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Discovery;

/// <summary>What is looked for: a service, perhaps one of its ports, perhaps a protocol.</summary>
public class Lookup : INoSerializationVerificationNeeded, IEquatable<Lookup>
{
    /// <exception cref="ArgumentNullException">The name is null or empty.</exception>
    public Lookup(string serviceName, string? portName = null, string? protocol = null)
    {
        if (string.IsNullOrEmpty(serviceName))
            throw new ArgumentNullException(nameof(serviceName), "A service must have a name.");
        ServiceName = serviceName;
        PortName = portName;
        Protocol = protocol;
    }

    public string ServiceName { get; }

    public string? PortName { get; }

    public string? Protocol { get; }

    /// <summary>One of the service's ports, such as that of remoting.</summary>
    public Lookup WithPortName(string portName) => Copy(portName: portName);

    /// <summary>A protocol, such as tcp.</summary>
    public Lookup WithProtocol(string protocol) => Copy(protocol: protocol);

    /// <summary>What an SRV record's name, <c>_port._protocol.service</c>, asks for.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    /// <exception cref="ArgumentException">It is no such name, or the service no domain name.</exception>
    public static Lookup ParseSrv(string srv)
    {
        ArgumentNullException.ThrowIfNull(srv);
        return TryParse(srv, out var lookup)
            ? lookup
            : throw new ArgumentException($"\"{srv}\" is not of the form _port._protocol.domain.name.", nameof(srv));
    }

    /// <summary>Whether <see cref="ParseSrv"/> takes it.</summary>
    public static bool IsValid(string? srv) => srv is not null && TryParse(srv, out _);

    public Lookup Copy(string? serviceName = null, string? portName = null, string? protocol = null) =>
        new(serviceName ?? ServiceName, portName ?? PortName, protocol ?? Protocol);

    public bool Equals(Lookup? other) =>
        other is not null && ServiceName == other.ServiceName && PortName == other.PortName
        && Protocol == other.Protocol;

    public override bool Equals(object? obj) => obj?.GetType() == GetType() && Equals((Lookup)obj);

    public override int GetHashCode() => HashCode.Combine(ServiceName, PortName, Protocol);

    public override string ToString() => $"Lookup({ServiceName}, {PortName}, {Protocol})";

    private static bool TryParse(string srv, [NotNullWhen(true)] out Lookup? lookup)
    {
        lookup = null;
        // Port and protocol have at least one character each.
        if (srv.Length < 2 || srv[0] != '_') return false;
        var protocol = srv.IndexOf("._", 2, StringComparison.Ordinal);
        if (protocol < 0 || protocol + 3 > srv.Length) return false;
        var service = srv.IndexOf('.', protocol + 3);
        if (service < 0 || !IsDomainName(srv.AsSpan(service + 1))) return false;
        lookup = new Lookup(srv[(service + 1)..], srv[1..protocol], srv[(protocol + 2)..service]);
        return true;
    }

    // Labels of letters, digits and hyphens between dots.
    private static bool IsDomainName(ReadOnlySpan<char> name)
    {
        foreach (var label in name.Split('.'))
            if (!IsLabel(name[label])) return false;
        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > 63 || !char.IsAsciiLetter(label[0]) || label[^1] == '-') return false;
        foreach (var c in label)
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        return true;
    }
}
