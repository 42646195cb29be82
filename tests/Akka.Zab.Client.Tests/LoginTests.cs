using Akka.Zab.Client.Sasl;

namespace Akka.Zab.Client.Tests;

/// <summary>The login with SASL, which comes before everything else on each connection.</summary>
public class LoginTests : ClientTestKit
{
    private static readonly ZabClientOptions WithLogin = new() { Sasl = new SaslCredentials("bob", "secret") };

    [Fact]
    public async Task Who_has_credentials_logs_in_before_anything_else_on_each_connection()
    {
        var connecting = ZabClient.ConnectAsync(Sys, [], WithLogin);
        Gateway.ExpectMsg<Connect>();
        Accept();
        var server = LogIn();
        Assert.False(connecting.IsCompleted);
        FinishLogin(server);
        var client = await connecting;
        var read = client.GetDataAsync("/a", watch: true);
        Answer(Receive(1), new DataReply([], default));
        await read;

        LetGo();
        var waiting = client.GetDataAsync("/a");
        Accept();
        FinishLogin(LogIn());
        var requests = Receive(2);
        Assert.IsType<SetWatches>(requests[0].Operation);
        Answer(requests, DoneReply.Instance, new DataReply([5], default));
        Assert.Equal([5], (await waiting).Data!);
    }

    [Fact]
    public async Task A_server_that_closes_without_an_answer_to_the_login_is_tried_again_after_a_pause()
    {
        var connecting = ZabClient.ConnectAsync(Sys, [], WithLogin);
        Gateway.ExpectMsg<Connect>();
        Accept();
        Assert.IsType<SaslLogin>(Sent().Operation);
        ToClient(new Disconnected(DisconnectReason.NotServing));
        Session.ExpectMsg<Detach>();
        AdvanceUntil(200, () => Gateway.HasMessages);
        Assert.Equal(99, Gateway.ExpectMsg<Connect>().SessionId);
        Accept();
        FinishLogin(LogIn());
        Assert.Equal(99, (await connecting).SessionId);
    }

    public static TheoryData<string> Refusals => ["refused", "required", "no sasl", "no proof"];

    [Theory, MemberData(nameof(Refusals))]
    public async Task To_connect_fails_when_the_login_is_refused_or_the_server_proves_nothing(string refusal)
    {
        var connecting = ZabClient.ConnectAsync(Sys, [], WithLogin);
        Gateway.ExpectMsg<Connect>();
        Accept();
        LogIn();
        Answer(Receive(1), Refusal(refusal));
        await Assert.ThrowsAsync<AuthFailedException>(() => connecting);
        Session.ExpectMsg<Detach>();
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task Who_was_let_in_before_and_is_refused_tries_the_next_server_after_a_pause(string refusal)
    {
        var connecting = ZabClient.ConnectAsync(Sys, [], WithLogin);
        Gateway.ExpectMsg<Connect>();
        Accept();
        FinishLogin(LogIn());
        var client = await connecting;
        LetGo();
        var waiting = client.GetDataAsync("/a");
        Accept();
        LogIn();
        Answer(Receive(1), Refusal(refusal));
        Session.ExpectMsg<Detach>();
        Assert.False(Gateway.HasMessages);
        AdvanceUntil(200, () => Gateway.HasMessages);
        Assert.Equal(99, Gateway.ExpectMsg<Connect>().SessionId);
        Accept();
        FinishLogin(LogIn());
        Answer(Receive(1), new DataReply([5], default));
        Assert.Equal([5], (await waiting).Data!);
    }

    private static Reply Refusal(string refusal) => refusal switch
    {
        "refused" => new ErrorReply(ZabError.AuthFailed),
        "required" => new ErrorReply(ZabError.SessionClosedRequireAuth),
        "no sasl" => new SaslReply(null),
        _ => new SaslReply("rspauth=00000000000000000000000000000000"u8.ToArray()),
    };

    /// <summary>Answers the client's first token with a challenge.</summary>
    private DigestMd5Server LogIn()
    {
        var server = new DigestMd5Server(user => DigestMd5.Hash(user, "secret"), Random.Shared.NextBytes);
        var first = Sent();
        var challenge = server.Take(Assert.IsType<SaslLogin>(first.Operation).Token);
        Answer([first], new SaslReply(challenge.Token));
        return server;
    }

    private void FinishLogin(DigestMd5Server server)
    {
        var second = Sent();
        var verdict = server.Take(Assert.IsType<SaslLogin>(second.Operation).Token);
        Assert.Equal((SaslState.Done, "bob"), (verdict.State, verdict.Text));
        Answer([second], new SaslReply(verdict.Token));
    }
}
