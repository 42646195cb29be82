using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Event;

namespace Akka.Discovery;

/// <summary>A way to find where a service is. One for an actor system and a method.</summary>
public abstract class ServiceDiscovery
{
    /// <summary>Where a service is.</summary>
    /// <param name="lookup">What is looked for; each method has its own idea of the port's name and the protocol.</param>
    /// <param name="resolveTimeout">How long it may take; a method keeps to it by itself.</param>
    /// <returns>The targets, none if there is no such service. It fails if that could not be found out.</returns>
    public abstract Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout);

    /// <summary>Where a service is, by its name alone.</summary>
    public Task<Resolved> Lookup(string serviceName, TimeSpan resolveTimeout) =>
        Lookup(new Lookup(serviceName), resolveTimeout);

    /// <summary>What a look-up has found.</summary>
    public class Resolved : IDeadLetterSuppression, INoSerializationVerificationNeeded, IEquatable<Resolved>
    {
        /// <summary>Nothing.</summary>
        public Resolved(string serviceName) : this(serviceName, null)
        {
        }

        /// <param name="serviceName">The service.</param>
        /// <param name="addresses">Where it is; null for nowhere.</param>
        public Resolved(string serviceName, IEnumerable<ResolvedTarget>? addresses)
        {
            ServiceName = serviceName;
            Addresses = addresses?.ToImmutableList() ?? [];
        }

        public string ServiceName { get; }

        public ImmutableList<ResolvedTarget> Addresses { get; }

        public bool Equals(Resolved? other) =>
            other is not null && ServiceName == other.ServiceName && Addresses.SequenceEqual(other.Addresses);

        public override bool Equals(object? obj) => obj?.GetType() == GetType() && Equals((Resolved)obj);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(ServiceName);
            foreach (var target in Addresses) hash.Add(target);
            return hash.ToHashCode();
        }

        public override string ToString() => $"Resolved({ServiceName}, {string.Join(", ", Addresses)})";
    }

    /// <summary>One place where a service is.</summary>
    public class ResolvedTarget : INoSerializationVerificationNeeded, IEquatable<ResolvedTarget>
    {
        /// <param name="host">A name or an address.</param>
        /// <param name="port">The port, if the method knows it.</param>
        /// <param name="address">The host's address, if the method knows it.</param>
        public ResolvedTarget(string host, int? port = null, IPAddress? address = null)
        {
            Host = host;
            Port = port;
            Address = address;
        }

        public string Host { get; }

        public int? Port { get; }

        public IPAddress? Address { get; }

        public bool Equals(ResolvedTarget? other) =>
            other is not null && Host == other.Host && Port == other.Port && Equals(Address, other.Address);

        public override bool Equals(object? obj) => obj?.GetType() == GetType() && Equals((ResolvedTarget)obj);

        public override int GetHashCode() => HashCode.Combine(Host, Port, Address);

        public override string ToString() => $"ResolvedTarget({Host}, {Port}, {Address})";
    }
}
