using Akka.Zab.Client;
using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 2, the handshake's steps 3 to 8, and section 10, local sessions.</summary>
public class AdmissionTests
{
    private static readonly byte[] Secret = [1, 2, 3];
    private static readonly LocalSession Own = new(Secret, 4000);

    [Theory]
    [InlineData(Service.None, false, true, Admission.Wait)]
    [InlineData(Service.None, true, false, Admission.Wait)]
    [InlineData(Service.ReadOnly, false, false, Admission.TurnAway)]
    [InlineData(Service.ReadOnly, false, true, Admission.OpenLocal)]
    [InlineData(Service.ReadOnly, true, true, Admission.OpenLocal)]
    [InlineData(Service.Full, false, true, Admission.Open)]
    [InlineData(Service.Full, true, false, Admission.OpenLocal)]
    internal void A_client_that_wants_a_new_session(Service service, bool local, bool readOnlyAllowed, Admission expected) =>
        Assert.Equal(expected, Decide(service, local, readOnlyAllowed, 0, [], null));

    [Theory]
    [InlineData(Service.None, Admission.Wait)]
    [InlineData(Service.ReadOnly, Admission.LookUp)]
    [InlineData(Service.Full, Admission.Reattach)]
    internal void A_client_whose_session_is_not_one_of_this_server_s_own(Service service, Admission expected)
    {
        Assert.Equal(expected, Decide(service, true, true, 7, Secret, null));
        Assert.Equal(expected, Decide(service, false, true, 7, Secret, null));
    }

    [Theory]
    [InlineData(Service.ReadOnly, false, Admission.ReattachLocal)]
    [InlineData(Service.ReadOnly, true, Admission.ReattachLocal)]
    [InlineData(Service.Full, true, Admission.ReattachLocal)]
    [InlineData(Service.Full, false, Admission.Open)]
    internal void A_client_whose_session_only_this_server_knows(Service service, bool local, Admission expected)
    {
        Assert.Equal(expected, Decide(service, local, true, 7, Secret, Own));
        Assert.Equal(Admission.Expired, Decide(service, local, true, 7, [1, 2, 4], Own));
        Assert.Equal(Admission.Expired, Decide(service, local, true, 7, [], Own));
        Assert.Equal(Admission.Expired, Decide(service, local, true, 7, null!, Own));
    }

    [Fact]
    public void A_session_s_own_client_is_turned_away_too_if_it_does_not_accept_to_read_only() =>
        Assert.Equal(Admission.TurnAway, Decide(Service.ReadOnly, true, false, 7, Secret, Own));

    private static Admission Decide(
        Service service, bool local, bool readOnlyAllowed, long session, byte[] secret, LocalSession? own) =>
        Admissions.Decide(
            service, local, new Connect(session, secret, 5000, 0) { ReadOnlyAllowed = readOnlyAllowed }, own);
}
