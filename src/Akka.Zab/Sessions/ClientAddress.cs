using System.Net;
using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Sessions;

/// <summary>The scheme <c>ip</c>: a connection is known by the address that it comes from.</summary>
internal static class ClientAddress
{
    /// <param name="remote">Where the client is: address and port of a socket, or the path of an actor.</param>
    /// <returns>Its IP address; nobody in particular if that is not known.</returns>
    public static Identities Identify(string remote)
    {
        if (!IPEndPoint.TryParse(remote, out var endPoint) || !remote.Contains(':'))
        {
            if (!ActorPath.TryParse(remote, out var path) || !IPAddress.TryParse(path.Address.Host, out var host))
                return Identities.None;
            endPoint = new IPEndPoint(host, 0);
        }
        var address = endPoint.Address;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return Identities.None.With(new Identity(Identities.Ip, address.ToString()));
    }
}
