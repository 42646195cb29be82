using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

public class ClientAddressTests
{
    [Theory]
    [InlineData("10.1.2.3:45678", "10.1.2.3")]
    [InlineData("[::ffff:10.1.2.3]:45678", "10.1.2.3")]
    [InlineData("[fe80::1]:2181", "fe80::1")]
    [InlineData("akka.tcp://app@10.1.2.3:4051/user/client", "10.1.2.3")]
    [InlineData("akka.tcp://app@host:4051/user/client", "")]
    [InlineData("akka://app/user/client", "")]
    [InlineData("12", "")]
    [InlineData("", "")]
    public void A_connection_is_known_by_the_address_that_it_comes_from(string remote, string address) =>
        Assert.Equal(
            address, string.Concat(ClientAddress.Identify(remote).All.ToArray().Select(i => i.Scheme == "ip" ? i.Id : "?")));
}
