using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Event;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Sessions;
using Akka.Zab.ZooKeeper.Connections;
using Akka.Zab.ZooKeeper.Tests.Jute;
using Akka.Zab.ZooKeeper.Tests.Whole;
using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper.Tests.Connections;

public class ClientPortTests : Akka.TestKit.Xunit2.TestKit
{
    readonly TestProbe _registry;
    readonly TestProbe _session;

    public ClientPortTests()
    {
        _registry = CreateTestProbe();
        _session = CreateTestProbe();
    }

    Task<ClientPort> OpenAsync(int port = 0, int maxPerAddress = 0, int max = 0) => ClientPort.OpenAsync(
        new PortSettings(
            "127.0.0.1", port, maxPerAddress,
            [FourLetterWord.Ruok, FourLetterWord.Srvr, FourLetterWord.Gtmk, FourLetterWord.Stmk],
            new ConnectionLimits(), max),
        _registry.Ref, (_, _, _, _) => Task.FromResult<ServerSnapshot?>(null), Logging.GetLogger(Sys, "port"));

    static async Task<TcpClient> DialAsync(ClientPort port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(port.Endpoint);
        return client;
    }

    static async Task<byte[]> AllAsync(TcpClient client)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        using var all = new MemoryStream();
        await client.GetStream().CopyToAsync(all, patience.Token);
        return all.ToArray();
    }

    async Task<(TcpClient Client, IClientSink Sink)> ConnectedAsync(ClientPort port)
    {
        var client = await DialAsync(port);
        await client.GetStream().WriteAsync(Frame.Connect());
        var sink = (await _registry.ExpectMsgAsync<AttachClient>()).Sink;
        sink.Connected(new Connected(9, new byte[16], 4000, _session.Ref));
        await client.GetStream().ReadExactlyAsync(new byte[41]);
        return (client, sink);
    }

    [Fact]
    public async Task A_client_is_served_over_tcp()
    {
        await using var port = await OpenAsync();
        var (client, sink) = await ConnectedAsync(port);
        await client.GetStream().WriteAsync(Frame.Request(3, 4).String("/a").Bool(false).WithLength());
        await _session.ExpectMsgAsync<ClientRequests>();
        sink.Deliver([new ClientOutput(3, 1, new ErrorReply(ZabError.NoNode))]);
        var reply = new byte[20];
        await client.GetStream().ReadExactlyAsync(reply);
        Assert.Equal(new Frame().Int(3).Long(1).Int(-101).WithLength(), reply);
        client.Dispose();
        await _session.ExpectMsgAsync<Detach>();
    }

    [Fact]
    public async Task A_taken_port_is_told_in_one_sentence()
    {
        await using var port = await OpenAsync();
        var refusal = await Assert.ThrowsAsync<IOException>(() => OpenAsync(port.Endpoint.Port));
        Assert.Equal($"The client port 127.0.0.1:{port.Endpoint.Port} cannot be opened: it is taken.", refusal.Message);
    }

    [Fact]
    public async Task Closing_the_port_closes_the_connections_and_detaches_the_clients()
    {
        var port = await OpenAsync();
        var (client, _) = await ConnectedAsync(port);
        await port.DisposeAsync();
        Assert.Empty(await AllAsync(client));
        await _session.ExpectMsgAsync<Detach>();
        await Assert.ThrowsAnyAsync<SocketException>(() => DialAsync(port));
    }

    [Fact]
    public async Task There_are_no_more_connections_than_there_may_be()
    {
        await using var port = await OpenAsync(max: 2);
        var (first, _) = await ConnectedAsync(port);
        var (second, _) = await ConnectedAsync(port);
        Assert.Empty(await AllAsync(await DialAsync(port)));
        first.Dispose();
        await _session.ExpectMsgAsync<Detach>();
        second.Dispose();
        await _session.ExpectMsgAsync<Detach>();
    }

    [Fact]
    public async Task The_trace_mask_is_set_and_shown()
    {
        await using var port = await OpenAsync();
        Assert.Equal("306", await AskAsync("gtmk"u8.ToArray()));
        Assert.Equal("513", await AskAsync([.. "stmk"u8, 0, 0, 0, 0, 0, 0, 2, 1]));
        Assert.Equal("513", await AskAsync("gtmk"u8.ToArray()));

        async Task<string> AskAsync(byte[] word)
        {
            using var client = await DialAsync(port);
            await client.GetStream().WriteAsync(word);
            return Encoding.ASCII.GetString(await AllAsync(client));
        }
    }

    [Fact]
    public async Task An_address_has_no_more_connections_than_it_may()
    {
        await using var port = await OpenAsync(maxPerAddress: 1);
        var (first, _) = await ConnectedAsync(port);
        var second = await DialAsync(port);
        Assert.Empty(await AllAsync(second));
        first.Dispose();
        await _session.ExpectMsgAsync<Detach>();
    }

    [Fact]
    public async Task Who_does_not_finish_the_handshake_of_TLS_counts_and_is_closed_after_a_while()
    {
        using var certificates = new Certificates();
        using var certificate = certificates.Sign("CN=server");
        var tls = new TlsOptions(certificate, ClientCertificates.None, SuppressValidation: false, Authorities: null);
        var limits = new ConnectionLimits(HandshakeTimeout: TimeSpan.FromSeconds(3));
        await using var port = await ClientPort.OpenAsync(
            new PortSettings("127.0.0.1", 0, 3, [FourLetterWord.Ruok], limits) { Tls = ("127.0.0.1", 0, tls) },
            _registry.Ref, (_, _, _, _) => Task.FromResult<ServerSnapshot?>(null), Logging.GetLogger(Sys, "port"));
        using (var halfOpen = new HalfOpenHandshakes())
        {
            await halfOpen.OpenAsync(port.SecureEndpoint!, 3);
            await AwaitAssertAsync(async () => Assert.Equal("", await WordAsync()), TestClient.Patience);
            await halfOpen.ClosedAsync().WaitAsync(TestClient.Patience);
        }
        await AwaitAssertAsync(async () => Assert.Equal("imok", await WordAsync()), TestClient.Patience);

        async Task<string> WordAsync()
        {
            using var client = await DialAsync(port);
            try
            {
                await client.GetStream().WriteAsync("ruok"u8.ToArray());
                return Encoding.ASCII.GetString(await AllAsync(client));
            }
            catch (IOException)
            {
                return ""; // closed before it had read the word
            }
        }
    }

    [Theory]
    [InlineData("ruok", "imok")]
    [InlineData("srvr", "This ZooKeeper instance is not currently serving requests")]
    [InlineData("stat", "stat is not executed because it is not in the whitelist.")]
    [InlineData("wchp", "wchp is not executed because it is not in the whitelist.")]
    public async Task Words_are_answered_if_they_are_in_the_list(string word, string answer)
    {
        await using var port = await OpenAsync();
        using var client = await DialAsync(port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(word));
        Assert.Equal(answer, Encoding.ASCII.GetString(await AllAsync(client)));
    }
}
