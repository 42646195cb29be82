using System.Globalization;
using System.Net;
using Akka.Discovery;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Discovery;

/// <summary>Which instances a look-up asks for, and where they are.</summary>
internal static class Targets
{
    /// <summary>Where in an instance's metadata the port of a name stands.</summary>
    public const string PortPrefix = "port.";

    private const string Protocol = "protocol";

    /// <summary>The targets, in the order of the instances.</summary>
    public static IEnumerable<ServiceDiscovery.ResolvedTarget> Of(
        Lookup lookup, IReadOnlyList<ServiceInstance> instances)
    {
        foreach (var instance in instances)
        {
            if (!instance.Healthy || !Speaks(instance, lookup.Protocol)) continue;
            if (PortOf(instance, lookup.PortName) is not { } port) continue;
            var host = instance.Address.IdnHost;
            yield return new ServiceDiscovery.ResolvedTarget(
                host, port == 0 ? null : port, IPAddress.TryParse(host, out var address) ? address : null);
        }
    }

    private static bool Speaks(ServiceInstance instance, string? protocol) =>
        string.IsNullOrEmpty(protocol) || !instance.Metadata.TryGetValue(Protocol, out var spoken) || spoken == protocol;

    /// <summary>The port; 0 if the address has none, null if there is none of that name.</summary>
    private static int? PortOf(ServiceInstance instance, string? name)
    {
        if (string.IsNullOrEmpty(name)) return Math.Max(0, instance.Address.Port);
        return instance.Metadata.TryGetValue(PortPrefix + name, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= IPEndPoint.MaxPort
                ? port
                : null;
    }
}
