using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api;

public class ResourceTests
{
    private const string Maps = "/api/v1/namespaces/ns/configmaps";
    private const string Pods = "/api/v1/namespaces/ns/pods";
    private const string Pod =
        """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"main","image":"i","ports":[{"containerPort":80}],"livenessProbe":{"httpGet":{"port":80}}}]}}""";

    [Theory]
    [InlineData("GET", "/api/v1/pods", null, 401, "Unauthorized")]
    [InlineData("GET", "/nowhere", "admin", 404, "NotFound")]
    [InlineData("GET", "/api/v1/widgets", "admin", 404, "NotFound")]
    [InlineData("GET", "/apis/apps/v1/namespaces/ns/controllerrevisions", "admin", 404, "NotFound")]
    [InlineData("GET", Maps + "/none", "admin", 404, "NotFound")]
    [InlineData("GET", Pods + "/p/ephemeralcontainers", "admin", 404, "NotFound")]
    [InlineData("PUT", Maps, "admin", 405, "MethodNotAllowed")]
    [InlineData("POST", "/api/v1/configmaps", "admin", 405, "MethodNotAllowed")]
    [InlineData("GET", Maps + "?labelSelector=a%20b", "admin", 400, "BadRequest")]
    [InlineData("GET", Maps + "?fieldSelector=data.x%3D1", "admin", 400, "BadRequest")]
    [InlineData("GET", Maps + "?resourceVersion=99999", "admin", 504, "Timeout")]
    [InlineData("GET", Maps + "?limit=x", "admin", 400, "BadRequest")]
    public async Task Requests_that_cannot_be_served_are_answered_with_a_Status(
        string method,
        string path,
        string? token,
        int status,
        string reason
    )
    {
        await using var api = await ApiFixture.StartAsync();

        var (code, body) = await api.Http(token).JsonAsync(method, path, method is "GET" ? null : "{}");

        Assert.Equal((status, "Status", reason, (long)status), (code, body.Text("kind"), body.Text("reason"), body.Number("code")));
    }

    [Theory]
    [InlineData("POST", Maps, "application/cbor", null, 415)]
    [InlineData("POST", Maps, "application/vnd.kubernetes.protobuf", null, 400)]
    [InlineData("POST", Maps, "application/json", "application/vnd.kubernetes.protobuf", 406)]
    [InlineData("PATCH", Maps + "/m", "application/apply-patch+cbor", null, 415)]
    [InlineData("PATCH", Maps + "/m", "text/plain", null, 415)]
    public async Task Media_types_that_are_not_served_are_refused(string method, string path, string type, string? accept, int status)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.Http().JsonAsync("POST", Maps, """{"metadata":{"name":"m"}}""");

        Assert.Equal(status, (await api.Http().JsonAsync(method, path, """{"metadata":{"name":"n"}}""", type, accept)).Status);
    }

    [Fact]
    public async Task Create_fills_in_what_clients_rely_on()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, pod) = await api.Http().JsonAsync("POST", Pods, Pod);

        var container = pod.Maps("spec", "containers").Single();
        Assert.Equal(201, status);
        Assert.Equal(("Pod", "v1"), (pod.Text("kind"), pod.Text("apiVersion")));
        Assert.Equal(
            ("Always", 30L, "ClusterFirst"),
            (pod.Text("spec", "restartPolicy"), pod.Number("spec", "terminationGracePeriodSeconds"), pod.Text("spec", "dnsPolicy"))
        );
        Assert.Equal(("default", "Pending"), (pod.Text("spec", "serviceAccountName"), pod.Text("status", "phase")));
        Assert.Equal(("Always", "TCP"), (container.Text("imagePullPolicy"), container.Maps("ports").Single().Text("protocol")));
        Assert.Equal((1L, 10L, 3L, "/"), (
            container.Number("livenessProbe", "timeoutSeconds"),
            container.Number("livenessProbe", "periodSeconds"),
            container.Number("livenessProbe", "failureThreshold"),
            container.Text("livenessProbe", "httpGet", "path")));
    }

    [Fact]
    public async Task Create_reads_YAML_and_makes_names()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, made) = await api.Http()
            .JsonAsync("POST", Maps, "metadata: {generateName: run-}\ndata: {a: \"1\"}\n", "application/yaml");

        Assert.Equal(201, status);
        Assert.Matches("^run-[a-z0-9]{5}$", made.Text("metadata", "name")!);
        Assert.Equal("1", made.Text("data", "a"));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"Bad_Name"}}""", Maps, 422)]
    [InlineData("""{"metadata":{"name":"p"},"spec":{"containers":[]}}""", Pods, 422)]
    [InlineData("""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i"},{"name":"a","image":"i"}]}}""", Pods, 422)]
    [InlineData("""{"metadata":{"name":"a","namespace":"other"}}""", Maps, 400)]
    [InlineData("""{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"}}""", Maps, 400)]
    [InlineData("""{"metadata":{"name":"a"}}""", "/api/v1/namespaces/absent/configmaps", 404)]
    [InlineData("[1]", Maps, 400)]
    [InlineData("{", Maps, 400)]
    public async Task Create_refuses_what_breaks_the_rules(string body, string path, int status)
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(status, (await api.Http().JsonAsync("POST", path, body)).Status);
    }

    [Fact]
    public async Task Create_with_dryRun_stores_nothing()
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(201, (await api.Http().JsonAsync("POST", Maps + "?dryRun=All", """{"metadata":{"name":"m"}}""")).Status);
        Assert.Equal(404, (await api.Http().JsonAsync("GET", Maps + "/m")).Status);
    }

    [Fact]
    public async Task Update_from_an_old_version_is_a_conflict_and_status_has_its_own_door()
    {
        await using var api = await ApiFixture.StartAsync();
        var http = api.Http();
        var (_, pod) = await http.JsonAsync("POST", Pods, Pod);
        pod["status"]!["phase"] = "Failed";

        var (_, afterMain) = await http.JsonAsync("PUT", Pods + "/p", pod.ToJsonString());
        var (_, afterStatus) = await http.JsonAsync("PUT", Pods + "/p/status", pod.ToJsonString());
        var (stale, _) = await http.JsonAsync(
            "PUT",
            Pods + "/p/status",
            pod.ToJsonString().Replace("Failed", "Running", StringComparison.Ordinal)
        );

        Assert.Equal(("Pending", "Failed", 409), (afterMain.Text("status", "phase"), afterStatus.Text("status", "phase"), stale));
    }

    [Fact]
    public async Task Patch_of_a_running_pods_command_is_refused()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.Http().JsonAsync("POST", Pods, Pod);

        var (image, _) = await api.Http()
            .JsonAsync(
                "PATCH",
                Pods + "/p",
                """{"spec":{"containers":[{"name":"main","image":"j"}]}}""",
                "application/strategic-merge-patch+json"
            );
        var (command, body) = await api.Http()
            .JsonAsync(
                "PATCH",
                Pods + "/p",
                """{"spec":{"containers":[{"name":"main","command":["x"]}]}}""",
                "application/strategic-merge-patch+json"
            );

        Assert.Equal((200, 422), (image, command));
        Assert.Contains("pod updates may not change fields", body.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_in_pages_is_true_at_one_version_and_expires_with_the_history()
    {
        await using var api = await ApiFixture.StartAsync(history: 4);
        var http = api.Http();
        foreach (var name in (string[])["a", "b", "c"])
        {
            await http.JsonAsync("POST", Maps, $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        }

        var (_, first) = await http.JsonAsync("GET", Maps + "?limit=2");
        await http.JsonAsync("DELETE", Maps + "/c");
        await http.JsonAsync("POST", Maps, """{"metadata":{"name":"d"}}""");
        var next = $"{Maps}?limit=2&continue={Uri.EscapeDataString(first.Text("metadata", "continue")!)}";
        var (_, second) = await http.JsonAsync("GET", next);
        for (var i = 0; i < 10; i++)
        {
            await http.JsonAsync("PATCH", Maps + "/a", $$$"""{"data":{"x":"{{{i}}}"}}""", "application/merge-patch+json");
        }

        Assert.Equal(["a", "b"], first.Maps("items").Select(item => item.Name()));
        Assert.Equal(1, first.Number("metadata", "remainingItemCount"));
        Assert.Equal(["c"], second.Maps("items").Select(item => item.Name()));
        Assert.Equal(first.Text("metadata", "resourceVersion"), second.Text("metadata", "resourceVersion"));
        Assert.Equal(410, (await http.JsonAsync("GET", next)).Status);
    }

    [Fact]
    public async Task Delete_of_a_running_pod_waits_for_its_grace_and_grace_0_does_not()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("slow", graceSeconds: 7);
        api.RunPod("fast");

        var (_, slow) = await api.Http().JsonAsync("DELETE", Pods + "/slow");
        var (_, fast) = await api.Http().JsonAsync("DELETE", Pods + "/fast", """{"gracePeriodSeconds":0}""");
        var (_, sooner) = await api.Http().JsonAsync("DELETE", Pods + "/slow?gracePeriodSeconds=3");

        Assert.Equal(
            (7L, 3L),
            (slow.Number("metadata", "deletionGracePeriodSeconds"), sooner.Number("metadata", "deletionGracePeriodSeconds"))
        );
        Assert.Equal("Pod", fast.Text("kind"));
        Assert.Equal(
            (200, 404),
            ((await api.Http().JsonAsync("GET", Pods + "/slow")).Status, (await api.Http().JsonAsync("GET", Pods + "/fast")).Status)
        );
    }

    [Fact]
    public async Task Delete_waits_for_finalizers_and_keeps_its_preconditions()
    {
        await using var api = await ApiFixture.StartAsync();
        var http = api.Http();
        await http.JsonAsync("POST", Maps, """{"metadata":{"name":"m","finalizers":["a.b/c"]}}""");

        var (wrong, _) = await http.JsonAsync("DELETE", Maps + "/m", """{"preconditions":{"uid":"x"}}""");
        var (_, marked) = await http.JsonAsync("DELETE", Maps + "/m");
        await http.JsonAsync("PATCH", Maps + "/m", """[{"op":"remove","path":"/metadata/finalizers"}]""", "application/json-patch+json");

        Assert.Equal(409, wrong);
        Assert.NotNull(marked.Text("metadata", "deletionTimestamp"));
        Assert.Equal(404, (await http.JsonAsync("GET", Maps + "/m")).Status);
    }

    [Fact]
    public async Task Deletecollection_deletes_what_is_selected()
    {
        await using var api = await ApiFixture.StartAsync();
        var http = api.Http();
        await http.JsonAsync("POST", Maps, """{"metadata":{"name":"a","labels":{"x":"1"}}}""");
        await http.JsonAsync("POST", Maps, """{"metadata":{"name":"b"}}""");

        await http.JsonAsync("DELETE", Maps + "?labelSelector=x");

        var (_, left) = await http.JsonAsync("GET", Maps);
        Assert.Equal(["b"], left.Maps("items").Select(item => item.Name()));
    }

    [Fact]
    public async Task Scale_is_read_and_written_through_its_subresource()
    {
        await using var api = await ApiFixture.StartAsync();
        var http = api.Http();
        const string Path = "/apis/apps/v1/namespaces/ns/deployments";
        await http.JsonAsync("POST", Path, """
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}}}}
            """);

        await http.JsonAsync("PATCH", Path + "/d/scale", """{"spec":{"replicas":3}}""", "application/merge-patch+json");

        var (_, scale) = await http.JsonAsync("GET", Path + "/d/scale");
        Assert.Equal((3L, "a=b"), (scale.Number("spec", "replicas"), scale.Text("status", "selector")));
        Assert.Equal(2, (await http.JsonAsync("GET", Path + "/d")).Body.Number("metadata", "generation"));
    }

    [Fact]
    public async Task Get_as_Table_has_the_columns_that_kubectl_prints()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");

        var (_, table) = await api.Http().JsonAsync("GET", Pods, accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

        Assert.Equal("Table", table.Text("kind"));
        Assert.Equal(
            ["Name", "Ready", "Status", "Restarts", "Age"],
            table.Maps("columnDefinitions").Where(c => c.Number("priority") == 0).Select(c => c.Text("name"))
        );
        Assert.Equal(["p", "0/1", "Running", "0"], table.Maps("rows").Single().Items("cells")!.Take(4).Select(cell => cell.Text()));
    }

    [Fact]
    public async Task Get_events_as_Table_begins_with_when_and_hides_the_name()
    {
        await using var api = await ApiFixture.StartAsync();

        var (_, table) = await api.Http()
            .JsonAsync("GET", "/api/v1/namespaces/ns/events", accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

        var columns = table.Maps("columnDefinitions").ToList();
        Assert.Equal(
            ["Last Seen", "Type", "Reason", "Object", "Message"],
            columns.Where(c => c.Number("priority") == 0).Select(c => c.Text("name"))
        );
        Assert.Equal(
            ["Subobject", "Source", "First Seen", "Count", "Name"],
            columns.Where(c => c.Number("priority") == 1).Select(c => c.Text("name"))
        );
    }

    [Fact]
    public async Task Invalid_names_the_kind_and_has_a_cause_for_each_fault()
    {
        await using var api = await ApiFixture.StartAsync();

        var (_, refusal) = await api.Http()
            .JsonAsync("POST", Pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"},{"name":"a","image":"i"}]}}""");

        Assert.Equal(("Pod", "p"), (refusal.Text("details", "kind"), refusal.Text("details", "name")));
        Assert.Equal(
            [
                ("spec.containers[0].image", "FieldValueRequired", "Required value"),
                ("spec.containers[1].name", "FieldValueDuplicate", "Duplicate value: \"a\""),
            ],
            refusal.Maps("details", "causes").Select(c => (c.Text("field"), c.Text("reason"), c.Text("message")))
        );
    }

    [Theory]
    [InlineData(
        """{"containers":[{"name":"a","image":"i","lifecycle":{"postStart":{"exec":{"command":["x"]}}}}]}""",
        "spec.containers[0].lifecycle.postStart"
    )]
    [InlineData(
        """{"containers":[{"name":"a","image":"i","readinessProbe":{"grpc":{"port":1}}}]}""",
        "spec.containers[0].readinessProbe.grpc"
    )]
    [InlineData(
        """{"containers":[{"name":"a","image":"i"}],"initContainers":[{"name":"b","image":"i","restartPolicy":"Always"}]}""",
        "spec.initContainers[0].restartPolicy"
    )]
    public async Task Create_refuses_what_the_kubelet_would_leave_undone(string spec, string field)
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, refusal) = await api.Http().JsonAsync("POST", Pods, $$$"""{"metadata":{"name":"p"},"spec":{{{spec}}}}""");

        Assert.Equal(
            (422, field, "FieldValueForbidden"),
            (status, refusal.Maps("details", "causes").Single().Text("field"), refusal.Maps("details", "causes").Single().Text("reason"))
        );
    }

    [Theory]
    [InlineData("Strict", 400)]
    [InlineData("Warn", 201)]
    [InlineData("Ignore", 201)]
    [InlineData("Never", 400)]
    public async Task Create_treats_unknown_fields_as_fieldValidation_says(string mode, int status)
    {
        await using var api = await ApiFixture.StartAsync();

        var (code, body) = await api.Http().JsonAsync("POST", $"{Pods}?fieldValidation={mode}", """
            {"metadata":{"name":"p","labels":{"any":"key"}},"spec":{"nodeSelecter":{},"volumes":[{"name":"v","emptyDir":{}}],
             "containers":[{"name":"a","image":"i","livenessProbe":{"httpGet":{"port":1},"period":1}}]}}
            """);

        Assert.Equal(status, code);
        if (mode == "Strict")
        {
            Assert.EndsWith(
                "unknown field \"spec.nodeSelecter\", unknown field \"spec.containers[0].livenessProbe.period\"",
                body.Text("message"),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Create_warns_of_what_has_no_effect()
    {
        await using var api = await ApiFixture.StartAsync();
        using var content = new StringContent(
            """{"metadata":{"name":"p"},"spec":{"activeDeadlineSeconds":1,"containers":[{"name":"a","image":"i","securityContext":{"runAsUser":1}}]}}""",
            System.Text.Encoding.UTF8, "application/json");

        using var response = await api.Http().PostAsync(Pods, content, TestContext.Current.CancellationToken);

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal(2, response.Headers.GetValues("Warning").Count());
    }

    [Theory]
    [InlineData("default", 403)]
    [InlineData("kube-system", 403)]
    [InlineData("ns", 200)]
    public async Task Delete_of_a_namespace_that_the_cluster_needs_is_forbidden(string name, int status)
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(status, (await api.Http().JsonAsync("DELETE", $"/api/v1/namespaces/{name}")).Status);
    }

    [Fact]
    public async Task Discovery_lists_what_is_served_and_its_subresources()
    {
        await using var api = await ApiFixture.StartAsync();

        var (_, groups) = await api.Http().JsonAsync("GET", "/apis");
        var (_, core) = await api.Http().JsonAsync("GET", "/api/v1");

        Assert.Contains("apps", groups.Maps("groups").Select(group => group.Text("name")));
        Assert.Superset(
            new HashSet<string?> { "pods", "pods/log", "pods/exec", "pods/portforward" },
            core.Maps("resources").Select(entry => entry.Text("name")).ToHashSet()
        );
    }
}
