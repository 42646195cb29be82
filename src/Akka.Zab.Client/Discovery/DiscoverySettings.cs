using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Discovery;

/// <summary>Reads the section of <see cref="ZabServiceDiscovery"/>.</summary>
internal static class DiscoverySettings
{
    /// <summary>The registry's znode.</summary>
    public static string Path(Config section)
    {
        var path = section.GetString("path", "/services");
        try
        {
            return Paths.Check(path);
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException($"akka.discovery.zab.path: {e.Message}", e);
        }
    }

    /// <summary>What this node is to be listed as, and in which service; null for not at all.</summary>
    /// <exception cref="ConfigurationException">Something is wrong.</exception>
    public static (string Service, ServiceInstance Instance)? Registered(ExtendedActorSystem system, Config section)
    {
        var register = section.HasPath("register") ? section.GetConfig("register") : ConfigurationFactory.Empty;
        var service = register.GetString("service", "");
        if (service.Length == 0) return null;
        if (service.Contains('/', StringComparison.Ordinal))
            throw new ConfigurationException($"akka.discovery.zab.register.service must have no slash: \"{service}\".");
        var address = Address(system, register.GetString("address", ""));
        var id = register.GetString("id", "");
        if (id.Length == 0) id = $"{address.IdnHost}:{address.Port}";
        if (id.Contains('/', StringComparison.Ordinal))
            throw new ConfigurationException($"akka.discovery.zab.register.id must have no slash: \"{id}\".");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (register.HasPath("metadata")) Read(register.GetConfig("metadata"), "", metadata);
        return (service, new ServiceInstance(id, address) { Metadata = metadata });
    }

    private static Uri Address(ExtendedActorSystem system, string address)
    {
        if (address.Length == 0)
        {
            var own = system.Provider.DefaultAddress;
            if (own.Host is null)
            {
                throw new ConfigurationException(
                    "akka.discovery.zab.register.address must be given, as this actor system has no remoting.");
            }
            address = own.ToString();
        }
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? uri
            : throw new ConfigurationException(
                $"akka.discovery.zab.register.address must be a URI such as http://10.0.0.1:80, not \"{address}\".");
    }

    // "port.management = 8558" is an object in an object.
    private static void Read(Config section, string prefix, Dictionary<string, string> into)
    {
        foreach (var (key, value) in section.AsEnumerable())
        {
            if (value.IsObject()) Read(section.GetConfig(key), $"{prefix}{key}.", into);
            else into[prefix + key] = value.GetString();
        }
    }
}
